FROM node:24-slim
RUN npm install -g serve && npm cache clean --force
WORKDIR /srv
COPY package.json .
USER 1000
EXPOSE 8080
CMD ["serve", "-l", "8080"]
